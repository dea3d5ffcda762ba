/** Linux's PATH_MAX: who changes folder without end gets no longer path. */
const maxPathLength = 4096;

/** A folder and what a command names in it, as one path without `.` and `..` where they can be resolved (RFC 959 leaves paths to the server). */
export function joinPath(folder: string, name: string): string {
  const whole = name.startsWith('/') ? name : `${folder}/${name}`;
  const isAbsolute = whole.startsWith('/');
  const steps: string[] = [];
  for (const step of whole.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (step !== '..' || !isAbsolute) steps.push(step);
  }
  return `${isAbsolute ? '/' : ''}${steps.join('/')}`.slice(0, maxPathLength).toWellFormed();
}

/** What a command names, as the URL that Zeek writes: `ftp://192.0.2.1/pub/a.bin`. */
export function urlOf(server: string, folder: string, name: string): string {
  const path = joinPath(folder, name);
  const host = server.includes(':') ? `[${server}]` : server;
  return `ftp://${host}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** The path in the reply to PWD: `257 "/pub" is the current directory` (RFC 959, appendix II); doubled quotes stand for one. */
export function pathInReply(text: string): string | undefined {
  return /"(?<path>(?:[^"]|"")*)"/.exec(text)?.groups?.['path']?.replaceAll('""', '"');
}
