(* Greatest fixed points of functors made of sums, products and functions from a set.

   A greatest fixed point is a terminal coalgebra.  Theorems are about every terminal coalgebra; two elements are equal
   when some relation between them lasts (bisimulation), which follows from terminality and function extensionality.
   At the end a terminal coalgebra is made of trees, so that those theorems are about something. *)

Module Greatest.
Open Scope list_scope.

Inductive shape : Type :=
  | here | always (A : Set) | times (F G : shape) | plus (F G : shape) | power (A : Set) (F : shape).

Fixpoint layer (F : shape) (X : Set) : Set :=
  match F with
  | here => X
  | always A => A
  | times F G => layer F X × layer G X
  | plus F G => layer F X + layer G X
  | power A F => A -> layer F X
  end.

Fixpoint along (F : shape) {X Y : Set} (h : X -> Y) : layer F X -> layer F Y :=
  match F with
  | here => h
  | always A => fun a => a
  | times F G => fun p => ⟨along F h (first p), along G h (second p)⟩
  | plus F G => fun s => match s with inl a => inl (along F h a) | inr b => inr (along G h b) end
  | power A F => fun f a => along F h (f a)
  end.

(* To every coalgebra there is exactly one map into a terminal one that respects layers. *)
Record terminal (F : shape) (N : Set) : Type := {
  out : N -> layer F N;
  unfold : forall X : Set, (X -> layer F X) -> X -> N;
  out_unfold : forall (X : Set) (c : X -> layer F X) (x : X), out (unfold X c x) = along F (unfold X c) (c x);
  unique : forall (X : Set) (c : X -> layer F X) (h : X -> N),
    (forall x, out (h x) = along F h (c x)) -> forall x, h x = unfold X c x }.
Arguments out {F N} _ _.
Arguments unfold {F N} _ {X} _ _.
Arguments out_unfold {F N} _ {X} _ _.
Arguments unique {F N} _ {X} _ _ _ _.

(* ---- coinduction ---- *)

(* Two layers of one form whose parts are related, place by place. *)
Fixpoint alike (F : shape) {N : Set} (R : N -> N -> Set) : layer F N -> layer F N -> Set :=
  match F with
  | here => R
  | always A => fun a b => a = b
  | times F G => fun p q => (alike F R (first p) (first q) × alike G R (second p) (second q))
  | plus F G => fun s t =>
    match s, t with inl a, inl b => alike F R a b | inr a, inr b => alike G R a b | _, _ => Empty_set end
  | power A F => fun f g => forall a, alike F R (f a) (g a)
  end.

Section Alike.
Variables (N A : Set) (R : N -> N -> Set) (F G : shape).
Lemma alike_always {a b : A} : a = b -> alike (always A) R a b.
Proof. exact (fun e => e). Qed.
Lemma alike_times {p q : layer F N × layer G N} :
  alike F R (first p) (first q) -> alike G R (second p) (second q) -> alike (times F G) R p q.
Proof. exact both. Qed.
Lemma alike_left {a b : layer F N} : alike F R a b -> alike (plus F G) R (inl a) (inl b).
Proof. exact (fun r => r). Qed.
Lemma alike_right {a b : layer G N} : alike G R a b -> alike (plus F G) R (inr a) (inr b).
Proof. exact (fun r => r). Qed.
Lemma alike_power {f g : A -> layer F N} : (forall a, alike F R (f a) (g a)) -> alike (power A F) R f g.
Proof. exact (fun r => r). Qed.
End Alike.

Lemma alike_self (F : shape) {N : Set} (R : N -> N -> Set) (a : layer F N) : (forall u, R u u) -> alike F R a a.
Proof.
  intros r. induction F; simpl; auto.
  - split; auto.
  - destruct a; auto.
Qed.

Record related {N : Set} (R : N -> N -> Set) : Set := relate { left : N; right : N; why : R left right }.
Arguments relate {N R} _ _ _.
Arguments left {N R} _.
Arguments right {N R} _.
Arguments why {N R} _.

(* Layers that are alike are one layer of related pairs, seen from both sides. *)
Lemma related_layer (F : shape) {N : Set} (R : N -> N -> Set) (a b : layer F N) :
  alike F R a b -> {z : layer F (related R) | along F left z = a /\ along F right z = b}.
Proof.
  induction F as [|A|F IHF G IHG|F IHF G IHG|A F IHF]; simpl.
  - intros r. exists (relate a b r). split; reflexivity.
  - intros e. exists a. split; [reflexivity | exact e].
  - intros [r s]. destruct (IHF _ _ r) as [y [? ?]], (IHG _ _ s) as [z [? ?]].
    exists ⟨y, z⟩. split; apply both_equal; assumption.
  - destruct a as [a|a], b as [b|b]; try contradiction; intros r.
    + destruct (IHF _ _ r) as [z [? ?]]. exists (inl z). split; f_equal; assumption.
    + destruct (IHG _ _ r) as [z [? ?]]. exists (inr z). split; f_equal; assumption.
  - intros r. exists (fun x => proj1_sig (IHF _ _ (r x))).
    split; apply functional_extensionality; intros x; destruct (IHF _ _ (r x)) as [z [? ?]]; assumption.
Qed.

Theorem bisimulation {F : shape} {N : Set} (t : terminal F N) (R : N -> N -> Set) :
  (forall u v, R u v -> alike F R (out t u) (out t v)) -> forall u v, R u v -> u = v.
Proof.
  intros H u v r. pose (z p := related_layer F R _ _ (H _ _ (why p))). pose (c p := proj1_sig (z p)).
  refine (eq_trans (unique t c left _ (relate u v r)) (eq_sym (unique t c right _ (relate u v r))));
    intros p; unfold c; destruct (z p) as [y [? ?]]; simpl; congruence.
Qed.

(* What two functions take to the same layers, up to what they agree on, they take to the same elements. *)
Inductive agree {T N : Set} (f g : T -> N) : N -> N -> Set :=
  | at_point t : agree f g (f t) (g t)
  | at_self u : agree f g u u.

Lemma agree_again {T N : Set} {f g : T -> N} (t : T) {u v : N} : u = f t -> v = g t -> agree f g u v.
Proof. intros -> ->. apply at_point. Qed.
Lemma agree_equal {T N : Set} {f g : T -> N} {u v : N} : u = v -> agree f g u v.
Proof. intros ->. apply at_self. Qed.
Lemma alike_equal {F : shape} {T N : Set} {f g : T -> N} {a b : layer F N} : a = b -> alike F (agree f g) a b.
Proof. intros ->. apply alike_self. apply at_self. Qed.

Theorem coinduction {F : shape} {N T : Set} (t : terminal F N) (f g : T -> N) :
  (forall x, alike F (agree f g) (out t (f x)) (out t (g x))) -> forall x, f x = g x.
Proof.
  intros H x. apply (bisimulation t (agree f g)); [|constructor].
  intros u v [y|w]; [apply H | apply alike_equal; reflexivity].
Qed.

(* ---- existence ---- *)

(* The places of a layer, the part at a place if there is one, and a layer of a form with given parts. *)
Fixpoint way (F : shape) : Set :=
  match F with
  | here => unit
  | always A => Empty_set
  | times F G | plus F G => way F + way G
  | power A F => A × way F
  end.

Fixpoint pick (F : shape) {X : Set} : way F -> layer F X -> option X :=
  match F with
  | here => fun _ x => Some x
  | always A => fun d _ => match d with end
  | times F G => fun d p => match d with inl d => pick F d (first p) | inr d => pick G d (second p) end
  | plus F G => fun d s =>
    match d, s with inl d, inl a => pick F d a | inr d, inr b => pick G d b | _, _ => None end
  | power A F => fun d f => pick F (second d) (f (first d))
  end.

Definition holds (b : bool) : Prop := if b then True else False.
Definition present {X : Set} (x : option X) : bool := match x with Some _ => true | None => false end.

Fixpoint fill (F : shape) {X : Set} :
  forall o : layer F unit, (forall d, holds (present (pick F d o)) -> X) -> layer F X :=
  match F with
  | here => fun o k => k tt I
  | always A => fun a k => a
  | times F G => fun o k => ⟨fill F (first o) (fun d => k (inl d)), fill G (second o) (fun d => k (inr d))⟩
  | plus F G => fun o =>
    match o with
    | inl a => fun k => inl (fill F a (fun d => k (inl d)))
    | inr b => fun k => inr (fill G b (fun d => k (inr d)))
    end
  | power A F => fun o k a => fill F (o a) (fun d => k ⟨a, d⟩)
  end.

Definition form (F : shape) {X : Set} : layer F X -> layer F unit := along F (fun _ => tt).

Lemma pick_along (F : shape) {X Y : Set} (h : X -> Y) (d : way F) (a : layer F X) :
  pick F d (along F h a) = option_map h (pick F d a).
Proof. induction F; simpl; auto; try contradiction; destruct d; try destruct a; simpl; auto. Qed.

Lemma form_along (F : shape) {X Y : Set} (h : X -> Y) (a : layer F X) : form F (along F h a) = form F a.
Proof.
  unfold form. induction F as [|A|F IHF G IHG|F IHF G IHG|A F IHF]; simpl; auto.
  - rewrite IHF IHG. reflexivity.
  - destruct a; f_equal; auto.
  - apply functional_extensionality. auto.
Qed.

Lemma form_fill (F : shape) {X : Set} (o : layer F unit) (k : forall d, holds (present (pick F d o)) -> X) :
  form F (fill F o k) = o.
Proof.
  unfold form. induction F as [|A|F IHF G IHG|F IHF G IHG|A F IHF]; simpl.
  - destruct o. reflexivity.
  - reflexivity.
  - apply both_equal; simpl; auto.
  - destruct o; simpl; f_equal; auto.
  - apply functional_extensionality. auto.
Qed.

Lemma pick_fill (F : shape) {X : Set} (o : layer F unit) (k : forall d, holds (present (pick F d o)) -> X) d :
  holds (present (pick F d o)) -> exists e, pick F d (fill F o k) = Some (k d e).
Proof.
  induction F as [|A|F IHF G IHG|F IHF G IHG|A F IHF]; simpl in *.
  - destruct d. exists I. reflexivity.
  - destruct d.
  - destruct d as [d|d]; [exact (IHF _ (fun d => k (inl d)) d) | exact (IHG _ (fun d => k (inr d)) d)].
  - destruct d as [d|d], o as [o|o]; simpl in *; try contradiction;
      [exact (IHF _ (fun d => k (inl d)) d) | exact (IHG _ (fun d => k (inr d)) d)].
  - exact (IHF (o (first d)) (fun e => k ⟨first d, e⟩) (second d)).
Qed.

Lemma same_layer (F : shape) {X : Set} (a b : layer F X) :
  form F a = form F b -> (forall d, pick F d a = pick F d b) -> a = b.
Proof.
  unfold form. induction F as [|A|F IHF G IHG|F IHF G IHG|A F IHF]; simpl.
  - intros _ H. injection (H tt). auto.
  - auto.
  - intros e H. injection e. intros. apply both_equal.
    + apply IHF; [assumption | exact (fun d => H (inl d))].
    + apply IHG; [assumption | exact (fun d => H (inr d))].
  - destruct a as [a|a], b as [b|b]; try discriminate; intros e H; injection e; intros; f_equal.
    + apply IHF; [assumption | exact (fun d => H (inl d))].
    + apply IHG; [assumption | exact (fun d => H (inr d))].
  - intros e H. apply functional_extensionality. intros x.
    exact (IHF _ _ (f_equal (fun f => f x) e) (fun d => H ⟨x, d⟩)).
Qed.

(* A tree says at every path the form of the layer there; it has a root, and goes on where a layer has a part.  That
   is a condition on truth values, so no proof of it differs from another one. *)
Definition onward {F : shape} (o : option (layer F unit)) (d : way F) : bool :=
  match o with Some o => present (pick F d o) | None => false end.
Definition agreed (a b : bool) : bool := negb (xorb a b).
Record tree (F : shape) : Set := grow {
  label : list (way F) -> option (layer F unit);
  rooted : holds (present (label nil));
  grown : forall p d, holds (agreed (present (label (p ++ d :: nil))) (onward (label p) d)) }.
Arguments label {F} _ _.
Arguments rooted {F} _.
Arguments grown {F} _ _ _.

Lemma one_truth (b : bool) (p q : holds b) : p = q.
Proof. destruct b; [destruct p, q; reflexivity | destruct p]. Qed.

Lemma same_tree {F : shape} (t u : tree F) : (forall p, label t p = label u p) -> t = u.
Proof.
  destruct t as [a r g], u as [b s h]; simpl. intros e. apply functional_extensionality in e. destruct e.
  rewrite (one_truth _ r s). f_equal.
  apply functional_extensionality_dep. intros p. apply functional_extensionality_dep. intros d. apply one_truth.
Qed.

Lemma goes_on {F : shape} (t : tree F) p d : present (label t (p ++ d :: nil)) = onward (label t p) d.
Proof. move: (grown t p d). by destruct (present _), (onward _ _). Qed.

Lemma goes_no_further {F : shape} (t : tree F) p q : label t p = None -> label t (p ++ q) = None.
Proof.
  move: p. induction q as [|d q IH]; intros p e.
  - rewrite -e. f_equal. by elim: p {e} => //= ? ? ->.
  - have -> : p ++ d :: q = (p ++ d :: nil) ++ q by elim: p {e} => //= ? ? ->.
    apply IH. move: (goes_on t p d). rewrite e. by case: (label t _).
Qed.

Definition get {X : Set} (x : option X) : holds (present x) -> X :=
  match x with Some x => fun _ => x | None => fun e => match e with end end.
Lemma get_some {X : Set} (x : option X) e : x = Some (get x e).
Proof. destruct x; [reflexivity | destruct e]. Qed.

Definition root {F : shape} (t : tree F) : layer F unit := get _ (rooted t).
Lemma first_step {F : shape} (t : tree F) (d : way F) : present (label t (d :: nil)) = present (pick F d (root t)).
Proof. move: (goes_on t nil d). by rewrite (get_some _ (rooted t)). Qed.

Definition child {F : shape} (t : tree F) (d : way F) (e : holds (present (pick F d (root t)))) : tree F :=
  grow F (fun p => label t (d :: p)) (eq_ind_r holds e (first_step t d)) (fun p => grown t (d :: p)).
Definition top {F : shape} (t : tree F) : layer F (tree F) := fill F (root t) (child t).

Lemma pick_top {F : shape} (t : tree F) (d : way F) :
  match pick F d (top t) with
  | Some u => forall p, label u p = label t (d :: p)
  | None => forall p, label t (d :: p) = None
  end.
Proof.
  destruct (present (pick F d (root t))) eqn:E.
  - destruct (pick_fill F (root t) (child t) d) as [e e']; [by rewrite E|]. unfold top. by rewrite e'.
  - assert (e : pick F d (top t) = None).
    + move: (pick_along F (fun _ => tt) d (top t)) E. rewrite -(form_fill F (root t) (child t)) -/(top t) => e.
      unfold form. rewrite e. by destruct (pick F d (top t)).
    + rewrite e. intros p. apply (goes_no_further t (d :: nil)).
      move: (first_step t d). rewrite E. by case: (label t _).
Qed.

(* The tree that a coalgebra unfolds to, by following paths. *)
Fixpoint look {F : shape} {X : Set} (c : X -> layer F X) (p : list (way F)) (x : X) : option (layer F unit) :=
  match p with
  | nil => Some (form F (c x))
  | d :: p => match pick F d (c x) with Some y => look c p y | None => None end
  end.
Lemma look_grown {F : shape} {X : Set} (c : X -> layer F X) x p d :
  holds (agreed (present (look c (p ++ d :: nil) x)) (onward (look c p x) d)).
Proof.
  move: x. induction p as [|e p IH]; simpl; intros x.
  - unfold form. rewrite pick_along. by destruct (pick F d (c x)).
  - by destruct (pick F e (c x)).
Qed.
Definition growing {F : shape} {X : Set} (c : X -> layer F X) (x : X) : tree F :=
  grow F (fun p => look c p x) I (look_grown c x).

Theorem exists_terminal (F : shape) : terminal F (tree F).
Proof.
  apply (Build_terminal F (tree F) top (@growing F)).
  - intros X c x. apply same_layer.
    + rewrite form_along. apply form_fill.
    + intros d. move: (pick_top (growing c x) d) (pick_along F (fun _ => tt) d (top (growing c x))).
      rewrite -/(form F (top (growing c x))) form_fill -[root _]/(form F (c x)) /form !pick_along.
      destruct (pick F d (top _)), (pick F d (c x)) eqn:E; simpl; try discriminate; auto.
      intros e _. f_equal. apply same_tree. intros p. rewrite e. simpl. by rewrite E.
  - intros X c h e x. apply same_tree. intros p. move: x. induction p as [|d p IH]; simpl; intros x.
    + rewrite (get_some _ (rooted (h x))) -(form_along F h) -e. f_equal. symmetry. apply form_fill.
    + move: (pick_top (h x) d). rewrite e pick_along. destruct (pick F d (c x)); simpl.
      * intros e'. rewrite -e'. apply IH.
      * exact (fun e => e p).
Qed.
End Greatest.
