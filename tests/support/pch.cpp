// Nothing: the object that carries the precompiled headers of the tests.
