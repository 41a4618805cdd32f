// The unit that compiles precompiled.hpp for every other one.
