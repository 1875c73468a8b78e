#pragma once

/// Version of what a workload or a strategy is to those that execute it. It rises when sources that
/// were written against it have to change; what was compiled against another one is refused.
#define STRATBENCH_API 1
