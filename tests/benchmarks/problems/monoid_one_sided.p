% In a monoid, p q = e does not give q p = e; no finite monoid shows it, the bicyclic one does.
cnf(left_unit,axiom, mult(e,X) = X ).
cnf(right_unit,axiom, mult(X,e) = X ).
cnf(associative,axiom, mult(mult(X,Y),Z) = mult(X,mult(Y,Z)) ).
cnf(one_side,hypothesis, mult(p,q) = e ).
cnf(goal,negated_conjecture, mult(q,p) != e ).
