// What the modules without glue have in common: why one could not do what it was asked.
#ifndef PALATE_WASM_STANDALONE_H_
#define PALATE_WASM_STANDALONE_H_

#include "palate/result.h"

namespace palate {

/// Keeps an error for the page; 0, which an exported function returns then.
int failed(Error why);

/// Ends the instance: the page asks it afterwards why. A handler for `std::set_new_handler`, too.
[[noreturn]] void run_out_of_memory();

}  // namespace palate

#endif  // PALATE_WASM_STANDALONE_H_
