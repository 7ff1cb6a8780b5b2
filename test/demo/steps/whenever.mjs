/**
 * Asks again and again.
 * @param {() => Promise<boolean> | boolean} holds
 * @param {{ what: string, seconds: number, everyMs?: number }} options
 * @returns {Promise<number>} when it first held, epoch ms; rejects when it does not within the time
 */
export async function whenever(holds, { what, seconds, everyMs = 20 }) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (await holds()) return Date.now();
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}
