// What a page needs to start offline: its own files and the package's. The model keeps itself.
const files = [
  '/',
  '/main.js',
  '/lists.js',
  ...['palate.js', 'runtime.js', 'model_cache.js', 'worker_client.js', 'worker.js'].map(
    (name) => `/palate/${name}`,
  ),
  ...['relaxed', 'relaxed-rest', 'simd128', 'simd128-rest'].map(
    (name) => `/palate/palate-${name}.wasm`,
  ),
];

addEventListener('install', (event) =>
  event.waitUntil(caches.open('page').then((cache) => cache.addAll(files))),
);
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (files.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(event.request)));
  }
});
