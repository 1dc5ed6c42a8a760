// What becomes of a call that cannot go on, mostly for want of memory; Emscripten's own throws an empty text.
addToLibrary({
  _abort_js() {
    throw new Error('abort');
  },
  _abort_js__deps: [],
});
