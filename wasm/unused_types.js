// Embind makes known, at start, every type that it can pass: those that bindings.cc never passes are left out.
addToLibrary({
  _embind_register_bigint: (type, name, size, minimum, maximum) => {},
  _embind_register_bigint__deps: [],
  _embind_register_emval: (type) => {},
  _embind_register_emval__deps: [],
  _embind_register_memory_view: (type, index, name) => {},
  _embind_register_memory_view__deps: [],
  _embind_register_std_wstring: (type, size, name) => {},
  _embind_register_std_wstring__deps: [],
});
