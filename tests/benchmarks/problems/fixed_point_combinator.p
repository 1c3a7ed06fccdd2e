% With B and W every element has a fixed point.
cnf(b,axiom, ap(ap(ap(b,X),Y),Z) = ap(X,ap(Y,Z)) ).
cnf(m,axiom, ap(m,X) = ap(X,X) ).
cnf(goal,negated_conjecture, Y != ap(combinator,Y) ).
