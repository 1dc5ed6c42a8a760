// The package's worker with faults on demand, each a real one. The order of these imports matters.
import './faults.js';
import '/palate/worker.js';
