/**
 * Starts a clock; it gives the milliseconds that this process has taken of the processor since. What else runs on a busy
 * machine hardly counts, so that a bound on it tells work that grows too fast, and nothing else.
 */
export function processorClock(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
