// The worker in which a module plays what the harness told.

self.onmessage = async ({ data }) => {
  try {
    const { play } = await import(data.module);
    self.postMessage({ said: await play(data) });
  } catch (error) {
    self.postMessage({ failed: `${error?.stack ?? error} ${error?.kind ?? ''}` });
  }
};
