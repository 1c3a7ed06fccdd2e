"""The array libraries: one short file each, and what they have in common: conversion, placing, failures."""
