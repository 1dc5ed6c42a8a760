// What XNNPACK asks of the machine, answered without asking the browser.

// XNNPACK's simd128 build reads the number of cores to guess how old the processor is: above four
// it takes the kernels for newer ones. A page's library has no business with that number, and
// without the question both builds import the same functions and share one glue.
extern "C" int hardware_concurrency() { return 8; }
