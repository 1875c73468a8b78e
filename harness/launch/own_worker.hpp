#pragma once

namespace stratbench {

/// Throws usage_error where the worker that this program would start is of another build: it asks
/// it. Takes about a millisecond.
void require_own_worker();

}  // namespace stratbench
