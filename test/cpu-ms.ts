/**
 * Milliseconds that this process has computed. What takes too long by this clock does so on any machine; by the wall's,
 * also where others want the processor.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
