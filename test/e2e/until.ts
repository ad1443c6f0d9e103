/** Asks until the answer is not false or undefined; the test's own deadline ends it. */
export async function until<T>(probe: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await new Promise((again) => setTimeout(again, 100));
  }
}
