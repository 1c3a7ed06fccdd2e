% In a group given by left laws, inverses are right inverses.
cnf(left_unit,axiom, mult(e,X) = X ).
cnf(left_inverse,axiom, mult(inv(X),X) = e ).
cnf(associative,axiom, mult(mult(X,Y),Z) = mult(X,mult(Y,Z)) ).
cnf(goal,negated_conjecture, mult(a,inv(a)) != e ).
