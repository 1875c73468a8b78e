#include "harness/stats/distributions.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace stratbench {

namespace {

using in_double = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using standard_normal = boost::math::normal_distribution<double, in_double>;
using students_t = boost::math::students_t_distribution<double, in_double>;
using binomial = boost::math::binomial_distribution<double, in_double>;

}  // namespace

double normal_below(double z) {
    return cdf(standard_normal(), z);
}

double normal_above(double z) {
    return cdf(complement(standard_normal(), z));
}

double normal_density(double z) {
    return pdf(standard_normal(), z);
}

double normal_exceeded_with(double p) {
    return quantile(complement(standard_normal(), p));
}

double student_exceeded_with(double p, double freedom) {
    return quantile(complement(students_t(freedom), p));
}

double at_most_heads(double k, double n) {
    return cdf(binomial(n, 0.5), k);
}

interval clopper_pearson(int successes, int of) {
    constexpr double each_side = 0.025;
    return {binomial::find_lower_bound_on_p(of, successes, each_side),
            binomial::find_upper_bound_on_p(of, successes, each_side)};
}

}  // namespace stratbench
