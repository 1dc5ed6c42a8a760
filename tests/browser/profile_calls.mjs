// What profile.test.mjs has carried out in the page: each runs there by itself, with what page/profile.html brings.

export async function adjust(worker) {
  const palate = await open({ maxEvents: 1 }, { worker });
  await palate.record({ item: 'f5', type: 'view' });
  const [{ attribute, category }] = await palate.taste();
  for (const weight of [2, -3]) await palate.adjust({ attribute, category, weight });
  await palate.record({ item: 'f8', type: 'view' });
  const history = (await palate.history()).map(({ item }) => item);
  const weights = (await palate.adjustments()).map(({ weight }) => weight);
  const list = await palate.recommend();
  palate.dispose();
  return { history, weights, list };
}

export async function adjustWrongly(worker) {
  const palate = await open({}, { worker });
  const [code] = await Promise.all([
    codeOf(palate.adjust({ attribute: 'nonsense', weight: 1 })),
    palate.record({ item: 'f5', type: 'view' }),
  ]);
  palate.dispose();
  const stored = await rawEvents((events) => asked(events.getAll()));
  return { code, stored: stored.map(({ type }) => type) };
}

export async function undoWhileReading() {
  const palate = await open({}, { worker: true });
  await palate.record({ item: 'f5', type: 'view' });
  const [{ attribute, category }] = await palate.taste();
  await palate.adjust({ attribute, category, weight: 2 });
  await palate.history();
  const undoing = palate.undo();
  // The worker has been asked, and cannot have answered yet.
  for (let step = 0; step < 50; ++step) await undefined;
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await palate.history();
  const { weight } = await undoing;
  const left = await palate.adjustments();
  palate.dispose();
  return { undone: weight, left };
}

export async function undo(worker) {
  const palate = await open({ maxEvents: 1 }, { worker });
  const refused = await codeOf(palate.adjust({ attribute: 'nonsense', weight: 1 }));
  const history = (await palate.history()).map(({ item }) => item);
  const weights = (await palate.adjustments()).map(({ weight }) => weight);
  const list = await palate.recommend();
  const { weight } = (await palate.undo()) ?? { weight: 0 };
  palate.dispose();
  return { kept: { history, weights, list }, undone: weight, refused };
}

export async function recordAndList(worker) {
  const palate = await open({}, { worker });
  await palate.record({ item: 'f5', type: 'like' });
  await Promise.all([
    palate.record({ item: 'f8', type: 'rate', value: 4 }),
    palate.record({ item: 'nobody', type: 'impression' }),
  ]);
  return {
    status: statusOf(palate),
    history: await palate.history(),
    picks: await palate.recommend(),
  };
}

export async function list(worker) {
  const palate = await open({}, { worker });
  return {
    status: statusOf(palate),
    history: await palate.history(),
    picks: await palate.recommend(),
  };
}

export async function forget({ worker, model }) {
  const lists = async (palate) => ({
    picks: await palate.recommend({ count: 100 }),
    why: await palate.explain('f9'),
  });
  const palate = await open({}, { worker }, model);
  const fresh = await lists(palate);
  await palate.record({ item: 'f5', type: 'like', time: Date.now() - 1000 });
  const one = await lists(palate);
  // Shown beside another item, and chosen: that is learned.
  for (const item of ['f3', 'f7']) await palate.record({ item, type: 'impression' });
  for (const type of ['view', 'buy', 'skip']) await palate.record({ item: 'f3', type });
  await lists(palate);
  await palate.forget('f7');
  if ((await palate.forget('f3')) !== 4) throw new Error('not all of it was forgotten');
  const forgotten = await lists(palate);
  palate.dispose();
  return { fresh, one, forgotten };
}

export async function erase({ worker, model }) {
  const lists = async (palate) => ({
    picks: await palate.recommend({ count: 100 }),
    why: await palate.explain('f9'),
  });
  const palate = await open({}, { worker }, model);
  const again = await lists(palate);
  if ((await palate.erase()) !== 1) throw new Error('not all of it was erased');
  const erased = await lists(palate);
  palate.dispose();
  return { again, erased };
}

export async function explainedList({ worker, model }) {
  const palate = await open({}, { worker }, model);
  const answer = {
    picks: await palate.recommend({ count: 100 }),
    why: await palate.explain('f9'),
  };
  palate.dispose();
  return answer;
}

export async function agree() {
  const palate = await open({ consent: false });
  const state = async () => ({
    databases: (await indexedDB.databases()).length,
    history: (await palate.history()).length,
    store: palate.profile.store,
  });
  await palate.record({ item: 'f5', type: 'like' });
  const before = await state();
  await palate.consent(true);
  await palate.record({ item: 'f6', type: 'like' });
  const stored = await rawEvents((events) => asked(events.count()));
  const agreed = { ...(await state()), stored };
  await palate.consent(false);
  const withdrawn = await state();
  palate.dispose();
  return { before, agreed, withdrawn };
}

export async function exportAndImport() {
  const palate = await open();
  await palate.record({ item: 'f5', type: 'like', time: Date.now() - 3000 });
  await palate.record({ item: 'f6', type: 'like', time: Date.now() - 2000 });
  const json = JSON.stringify(await palate.export());
  const again = await palate.import(JSON.parse(json));
  const other = await open({ name: 'other' });
  await other.erase();
  await other.record({ item: 'f7', type: 'like' });
  const merged = await other.import(JSON.parse(json));
  const broken = JSON.parse(json);
  broken.events[0].id = 'another';
  broken.events[1].type = 'stare';
  const malformed = await codeOf(other.import(broken));
  other.dispose();
  const reopened = await open({ name: 'other' });
  const elsewhere = (await reopened.history()).map(({ item }) => item);
  reopened.dispose();
  palate.dispose();
  await deleteProfile('other');
  return { again, merged, elsewhere, malformed, afterwards: elsewhere.length };
}

export async function outgrow() {
  const items = async (palate) => (await palate.history()).map(({ item }) => item);
  const now = Date.now();
  const palate = await open({ maxEvents: 4 });
  for (const place of [0, 1, 2, 3, 4, 5, 6]) {
    await palate.record({ item: `e${place}`, type: 'view', time: now - (6 - place) * 100_000 });
  }
  const full = await items(palate);
  palate.dispose();
  const later = await open({ maxEvents: 4, maxAge: 50_000 });
  const left = await items(later);
  const stored = await rawEvents((events) => asked(events.count()));
  later.dispose();
  return { full, later: left, stored };
}

export async function recordAgain() {
  const items = (events) => events.map(({ item }) => item);
  const event = { id: 'the same', item: 'f5', type: 'like' };
  const palate = await open();
  await palate.record(event);
  await palate.record(event);
  palate.dispose();
  const reopened = await open();
  await reopened.record({ ...event, item: 'f6' });
  const history = items(await reopened.history());
  reopened.dispose();
  return { history, stored: items(await rawEvents((events) => asked(events.getAll()))) };
}

export async function nameOthers() {
  const [one, two] = [await open(), await open({ name: 'other' })];
  await one.record({ item: 'f5', type: 'like' });
  await two.record({ item: 'f6', type: 'like' });
  const histories = [await one.history(), await two.history()];
  one.dispose();
  two.dispose();
  await deleteProfile('other');
  return histories.map((events) => events.map(({ item }) => item));
}

export async function moveToAnotherModel() {
  const event = { item: 'f5', type: 'like', time: Date.now() };
  const old = await open();
  await old.record(event);
  old.dispose();
  const next = await open({}, {}, 'weighted_mean');
  const plain = await Palate.load('/models/weighted_mean.palate');
  await plain.record(event);
  const lists = { moved: await next.recommend(), fresh: await plain.recommend() };
  next.dispose();
  plain.dispose();
  return lists;
}

export async function seeEachOther() {
  const items = async (palate) => (await palate.history()).map(({ item }) => item);
  let changes = 0;
  const one = await open({ onChange: () => ++changes }, { worker: true });
  const two = await open();
  await two.record({ item: 'f5', type: 'like' });
  await until(async () => (await items(one)).length === 1);
  await one.record({ item: 'f6', type: 'like' });
  await until(async () => (await items(two)).length === 2);
  const isSame =
    JSON.stringify(await one.recommend()) === JSON.stringify(await two.recommend()) &&
    (await items(one)).join() === 'f5,f6';
  await two.forget('f5');
  await until(async () => (await items(one)).join() === 'f6');
  await one.erase();
  await until(async () => (await items(two)).length === 0);
  const left = await items(two);
  one.dispose();
  two.dispose();
  return { isSame, changes: changes > 0, left };
}

export async function outgrowByImpressions() {
  const palate = await open({ maxEvents: 80 });
  for (let round = 0; round < 60; ++round) {
    await palate.record({ item: `e${round}`, type: 'impression' });
    if (round < 30) await palate.record({ item: `e${round}`, type: 'view' });
  }
  const history = await palate.history();
  palate.dispose();
  const count = (of) => history.filter(({ type }) => type === of).length;
  return { views: count('view'), impressions: count('impression') };
}

export async function pauseAndResume() {
  const items = async (palate) => (await palate.history()).map(({ item }) => item);
  const one = await open();
  const two = await open();
  await one.record({ item: 'f5', type: 'view' });
  await one.pause();
  const here = [
    await one.record({ item: 'f6', type: 'view' }),
    await items(one),
    one.profile.paused,
  ];
  await until(() => two.profile.paused);
  const elsewhere = [await two.record({ item: 'f7', type: 'view' }), two.profile.paused];
  one.dispose();
  two.dispose();
  const three = await open();
  const later = [
    three.profile.paused,
    await three.record({ item: 'f7', type: 'view' }),
    await items(three),
  ];
  await three.resume();
  const resumed = [
    await three.record({ item: 'f8', type: 'view' }),
    await items(three),
    three.profile.paused,
  ];
  three.dispose();
  return { here, elsewhere, later, resumed };
}

export async function openOldLayout() {
  const events = ['f5', 'f6'].map((item, order) => ({
    id: `old-${order}`,
    item,
    type: 'like',
    time: Date.now() - 1000 + order,
    order,
  }));
  const database = await rawDatabase(1, (made) =>
    made.createObjectStore('events', { keyPath: 'id' }),
  );
  const store = database.transaction('events', 'readwrite').objectStore('events');
  await Promise.all(events.map((event) => asked(store.add(event))));
  // Held open, as by a tab with the older page, which lets go of it when asked.
  database.onversionchange = () => database.close();
  const palate = await open();
  const history = await palate.history();
  await palate.pause();
  const { paused } = palate.profile;
  palate.dispose();
  const now = await rawDatabase();
  const stores = [...now.objectStoreNames];
  now.close();
  const isSame = events.every(({ id, item, type, time }, place) => {
    const kept = history[place];
    return kept.id === id && kept.item === item && kept.type === type && kept.time === time;
  });
  return { history: history.map(({ item }) => item), isSame, paused, stores };
}

export async function dislike() {
  const palate = await open();
  const fresh = await palate.recommend({ count: 47 });
  const isListed = async () =>
    (await palate.recommend({ count: 1000, excludeSeen: false })).some(({ item }) => item === 'f5');
  await palate.record({ item: 'f5', type: 'like' });
  await palate.record({ item: 'f5', type: 'dislike' });
  const disliked = await palate.recommend({ count: 47 });
  const was = await isListed();
  await palate.record({ item: 'f5', type: 'like' });
  const isBack = await isListed();
  palate.dispose();
  const withoutIt = fresh.filter(({ item }) => item !== 'f5');
  const isAsNew = withoutIt.every(({ score }, place) => disliked[place].score === score);
  return { isListed: was, isAsNew, isBack };
}

export async function openWrongly() {
  const wrong = [
    { name: '' },
    { name: 7 },
    { consent: 'yes' },
    { durability: 'some' },
    { maxEvents: 0 },
    { maxAge: -1 },
  ];
  const codes = [];
  for (const profile of wrong) codes.push(await codeOf(open(profile)));
  for (const profile of ['anna', true]) {
    codes.push(await codeOf(Palate.load('/models/fold_in.palate', { profile })));
  }
  const plain = await Palate.load('/models/fold_in.palate');
  codes.push(await codeOf(plain.consent(true)));
  plain.dispose();
  return codes;
}
