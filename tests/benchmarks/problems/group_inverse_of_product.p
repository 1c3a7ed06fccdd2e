% The inverse of a product is the product of the inverses, turned round.
cnf(left_unit,axiom, mult(e,X) = X ).
cnf(left_inverse,axiom, mult(inv(X),X) = e ).
cnf(associative,axiom, mult(mult(X,Y),Z) = mult(X,mult(Y,Z)) ).
cnf(goal,negated_conjecture, inv(mult(a,b)) != mult(inv(b),inv(a)) ).
