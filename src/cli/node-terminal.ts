import type { Terminal } from './terminal.ts';

const defaultWidth = 80;

/** The terminal of this process. Ctrl-C aborts its signal; a second one ends the process at once. */
export function createTerminal(options: {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}): Terminal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
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
