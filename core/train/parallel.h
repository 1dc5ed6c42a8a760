// The pool of threads, by the name that it had among the trainers.
#ifndef PALATE_TRAIN_PARALLEL_H_
#define PALATE_TRAIN_PARALLEL_H_

#include "data/parallel.h"

#endif  // PALATE_TRAIN_PARALLEL_H_
