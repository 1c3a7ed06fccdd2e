"""GAP: orbits of permutations on pairs of tuples, or the MeatAxe's homomorphisms of modules modulo a prime."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tests.benchmarks.tying.problems import Images, Problem, is_index_map
from tests.benchmarks.tying.solvers.measuring import NotApplicable, answer

PRIME = 65521  # the largest field of prime order whose matrices GAP packs
MAX_DEGREE, MAX_POINTS = 1100, 2**25

PERMUTATIONS = """
tuples := function(images, k)
  local result;
  result := [1];
  while k > 0 do
    result := Concatenation(List(result, r -> List(images, x -> (r - 1) * Length(images) + x)));
    k := k - 1;
  od;
  return result;
end;
pairs := List(maps, images -> PermList(tuples(images, k + l)));
found := Length(Orbits(Group(pairs), [1 .. Length(maps[1]) ^ (k + l)]));
"""

MODULES = """
act := function(a, k, lie)
  local one, powers, result, place, factor, term;
  if k = 1 then return a; fi;
  one := IdentityMat(Length(a), field);
  if not lie then
    result := a;
    for factor in [2 .. k] do result := KroneckerProduct(result, a); od;
    return result;
  fi;
  result := 0;
  for place in [1 .. k] do
    term := [[One(field)]];
    for factor in [1 .. k] do
      if factor = place then term := KroneckerProduct(term, a); else term := KroneckerProduct(term, one); fi;
    od;
    result := result + term;
  od;
  return result;
end;
module := k -> GModuleByMats(List([1 .. Length(maps)], i ->
  ImmutableMatrix(field, TransposedMat(act(maps[i] * One(field), k, lie[i])))), field);
found := Length(MTX.BasisModuleHomomorphisms(module(k), module(l)));
"""


CLOCK = """
spent := function()
  local now;
  now := Runtimes();
  return now.user_time + now.system_time;
end;
start := spent();
"""


def solve(problem: Problem) -> tuple[int, float]:
    """The dimension, and the seconds that GAP says it took once the statement was read."""
    k, l = problem.orders
    permutes = problem.kind == "group" and all(map(is_index_map, problem.generators.values()))
    if problem.degree ** (k + l) > MAX_POINTS if permutes else problem.degree ** max(k, l) > MAX_DEGREE:
        raise NotApplicable("the permutations or the dense matrices do not fit into memory")
    program = statement(problem, permutes) + CLOCK + (PERMUTATIONS if permutes else MODULES)
    found, milliseconds = run(program + 'Print("found ", found, " ", spent() - start, "\\n");\nQUIT_GAP(0);\n')
    return found, milliseconds / 1000


def statement(problem: Problem, permutes: bool) -> str:
    """The generators as GAP reads them; for permutations points are numbered from 1."""
    images = [*problem.generators.values(), *problem.components.values()]
    shown = [[int(i) + 1 for i in m] for m in images] if permutes else [matrix(m) for m in images]
    lie = [problem.kind == "lie"] * len(problem.generators) + [False] * len(problem.components)
    k, l = problem.orders
    return f"""
field := GF({PRIME});; k := {k};; l := {l};;
maps := {shown};;
lie := {str(lie).lower()};;
"""


def matrix(images: Images) -> list[list[int]]:
    """The rows of a matrix, also of an index map."""
    if not is_index_map(images):
        return [list(row) for row in images]
    return [[int(image == i) for image in images] for i in range(len(images))]


def run(program: str) -> tuple[int, int]:
    """The two numbers that GAP prints last."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.g"
        path.write_text(program)
        done = subprocess.run(["gap", "-q", "-r", "-o", "8g", str(path)], capture_output=True, text=True)
    if "found" not in done.stdout:
        raise RuntimeError((done.stdout + done.stderr)[-500:])
    *_, found, milliseconds = done.stdout.split()
    return int(found), int(milliseconds)


if __name__ == "__main__":
    answer(solve, lambda: None)
