export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** Static text, values in fields, so that messages can be counted. Library code never writes to a stream itself. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A logger that hands each line at or above `level` to `write`, as text or as one JSON object. */
export function createLogger(options: {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  readonly write: (line: string) => void;
}): Logger {
  const at = (level: LogLevel) => (fields: LogFields, message: string) => {
    if (order.indexOf(level) < order.indexOf(options.level)) return;
    if (options.format === 'json') {
      options.write(`${JSON.stringify({ level, message, ...fields })}\n`);
      return;
    }
    const tail = Object.entries(fields)
      .map(([key, value]) => ` ${key}=${typeof value === 'string' ? JSON.stringify(value) : String(value)}`)
      .join('');
    options.write(`${level}: ${message}${tail}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLogger: Logger = createLogger({ level: 'error', format: 'text', write: () => undefined });
