(* What every exported certificate needs: pairs with their η-rule, congruence, and two tactics that compute. *)
Set Warnings "-notation-overridden".
From Coq Require Import ssreflect.

Set Primitive Projections.
Record product (A B : Set) : Set := both { first : A; second : B }.
Unset Primitive Projections.
Arguments both {A B} _ _.
Arguments first {A B} _.
Arguments second {A B} _.
Notation "A × B" := (product A B) (at level 40, left associativity).
Notation "⟨ a , b ⟩" := (both a b).

Lemma unit_unique (u v : unit) : u = v.
Proof. destruct u, v. reflexivity. Qed.
Lemma both_equal {A B : Set} (p q : A × B) : first p = first q -> second p = second q -> p = q.
Proof. destruct p, q; simpl. intros [] []. reflexivity. Qed.
Lemma inl_equal {A B : Set} {a b : A} : @inl A B a = @inl A B b -> a = b.
Proof. intros H. injection H. exact (fun h => h). Qed.
Lemma inr_equal {A B : Set} {a b : B} : @inr A B a = @inr A B b -> a = b.
Proof. intros H. injection H. exact (fun h => h). Qed.
Lemma apply_equal {A B : Set} {f g : A -> B} {a b : A} : f = g -> a = b -> f a = g b.
Proof. intros [] []. reflexivity. Qed.
Lemma through_left {A : Set} {R : A -> A -> Type} (n : A) {a b : A} : a = n -> R n b -> R a b.
Proof. intros ->. exact (fun r => r). Qed.
Lemma through_right {A : Set} {R : A -> A -> Type} (n : A) {a b : A} : b = n -> R a n -> R a b.
Proof. intros ->. exact (fun r => r). Qed.

Ltac calculate := lazy beta iota zeta delta [first second].
Ltac units := repeat match goal with |- context [?u] =>
  lazymatch type of u with unit => lazymatch u with tt => fail | _ => rewrite (unit_unique u tt) end end end.
