% An idempotent associative operation need not commute: left projection on two points.
cnf(associative,axiom, f(f(X,Y),Z) = f(X,f(Y,Z)) ).
cnf(idempotent,axiom, f(X,X) = X ).
cnf(goal,negated_conjecture, f(a,b) != f(b,a) ).
