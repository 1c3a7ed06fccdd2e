% Two unital operations that interchange are one operation, and it is commutative.
cnf(l1,axiom, f(u,X) = X ).
cnf(r1,axiom, f(X,u) = X ).
cnf(l2,axiom, g(v,X) = X ).
cnf(r2,axiom, g(X,v) = X ).
cnf(interchange,axiom, f(g(A,B),g(C,D)) = g(f(A,C),f(B,D)) ).
cnf(goal,negated_conjecture, f(a,b) != g(b,a) ).
