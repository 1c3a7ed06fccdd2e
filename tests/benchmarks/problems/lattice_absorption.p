% Absorption makes both operations of a lattice idempotent.
cnf(absorb1,axiom, meet(X,join(X,Y)) = X ).
cnf(absorb2,axiom, join(X,meet(X,Y)) = X ).
cnf(goal,negated_conjecture, join(a,a) != a ).
