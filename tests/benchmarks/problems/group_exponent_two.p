% A group in which every square is the unit is commutative.
cnf(left_unit,axiom, mult(e,X) = X ).
cnf(left_inverse,axiom, mult(inv(X),X) = e ).
cnf(associative,axiom, mult(mult(X,Y),Z) = mult(X,mult(Y,Z)) ).
cnf(square,hypothesis, mult(X,X) = e ).
cnf(goal,negated_conjecture, mult(a,b) != mult(b,a) ).
