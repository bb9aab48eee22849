// Runs the module the harness names in a worker and posts how it ended. It judges nothing.

const tell = (outcome) => fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) });
const told = await (await fetch('/told')).json();
if (told.in_page) {
  const { play } = await import(told.module);
  await play(told).then((said) => tell({ said }), (error) => tell({ failed: `${error.stack ?? error}` }));
} else {
  const worker = new Worker('/skin/run.js', { type: 'module' });
  worker.onerror = (event) => tell({ failed: `${event.message} at ${event.filename}:${event.lineno}` });
  worker.onmessage = (event) => tell(event.data);
  worker.postMessage(told);
}
