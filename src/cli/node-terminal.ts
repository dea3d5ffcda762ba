import type { Terminal } from './terminal.ts';

const defaultWidth = 80;

/** Whoever asks to stop waits no longer: what is committed stays, as after a kill. A watch may take some of it to hand on its last alerts. */
const stopWithinMs = 10_000;

/**
 * The terminal of this process. Ctrl-C and SIGTERM abort its signal, and ten seconds later the process ends, whatever it does. A second one ends
 * it at once: by the system, so that no calculation of ours can hold it up.
 */
export function createTerminal(options: {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}): Terminal {
  const controller = new AbortController();
  const stop = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    setTimeout(() => {
      process.stderr.write('stopped in the middle of a calculation; what was committed stays\n');
      // `exit` would wait for the threads of the store.
      process.kill(process.pid, 'SIGKILL');
    }, stopWithinMs).unref();
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const quiet = options.quiet === true;
  const color =
    options.color !== false &&
    (process.env['NO_COLOR'] ?? '') === '' &&
    (process.stdout.isTTY || (process.env['FORCE_COLOR'] ?? '') !== '');
  return {
    out: (text) => void process.stdout.write(text),
    talk: (text) => void process.stderr.write(text),
    json: options.json === true,
    quiet,
    color,
    width: process.stdout.columns ?? (Number(process.env['COLUMNS']) || defaultWidth),
    isInteractive: process.stderr.isTTY && !quiet,
    signal: controller.signal,
  };
}
