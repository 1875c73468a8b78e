#include "harness/stats/histogram.hpp"
