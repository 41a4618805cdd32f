// expect: portico: extras are kept in a map: std::map<std::string, Json>
#include <vector>

#include "portico/model/annotated.hpp"

portico::model::Annotated<std::vector<int>, portico::model::extras> rest;
