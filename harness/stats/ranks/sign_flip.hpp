#pragma once

#include <cstddef>
#include <span>

#include "harness/stats/ranks/one_sided.hpp"

namespace stratbench {

/// Up to this many differences every choice of signs is counted.
inline constexpr std::size_t exact_flips = 20;

/// The probability that chance alone makes the differences of pairs as great as these, in sum: of
/// all 2^n ways to choose their signs, the part whose sum is at least the one observed. That is
/// exact whatever the noise, as long as chance decided which of a pair was measured first: then a
/// drift, a burst or a slow neighbour is as likely to hit the one as the other. 1 if all are 0.
///
/// No difference counts for more than twice the median size, so that a single spike does not
/// hide what all the others show; sizes do not depend on signs, so it stays exact.
///
/// Beyond exact_flips it is Lugannani and Rice's saddlepoint approximation, within a quarter of the
/// exact probability however small. Source: Lugannani and Rice, Advances in Applied Probability
/// 12 (1980); Robinson, Saddlepoint approximations for permutation tests, JRSS B 44 (1982).
one_sided sign_flip_p(std::span<const double> differences);

}  // namespace stratbench
