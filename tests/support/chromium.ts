import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
/** Name of an installed Chromium; undefined where there is none. */
export const chromium = names.find((name) => spawnSync(name, ['--version']).status === 0);

/** A page in a real browser without a window, driven by its DevTools protocol. */
export interface Page {
  open(url: string): Promise<void>;
  /** Value of an expression in the page; awaits promises. */
  evaluate(expression: string): Promise<unknown>;
  colorScheme(scheme: 'light' | 'dark'): Promise<void>;
  screenshot(width: number, height: number): Promise<Buffer>;
  /** Everything that the page asked for since the browser started, itself included. */
  readonly requests: readonly string[];
}

/** Starts the browser, with `more` flags beside ours, gives its page to `work`, and ends it. */
export async function withPage<T>(
  program: string,
  work: (page: Page) => Promise<T>,
  more: readonly string[] = [],
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'vakthund-chromium-'));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run'];
  const own = ['--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const browser = spawn(program, [...flags, ...own, ...more, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const { host } = new URL(await endpointOf(browser));
    const targets = (await (await fetch(`http://${host}/json/list`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const url = targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl;
    if (url === undefined) throw new Error('the browser has no page');
    return await work(await connect(url));
  } finally {
    const ended = new Promise((done) => browser.once('exit', done));
    browser.kill('SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function endpointOf(browser: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of browser.stderr ?? []) {
    text += String(chunk);
    const found = /ws:\/\/\S+/.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error(`the browser did not start: ${text.slice(-400)}`);
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly request?: { readonly url: string } };
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

async function connect(url: string): Promise<Page> {
  const socket = new WebSocket(url);
  await new Promise((done, fail) => {
    socket.addEventListener('open', done, { once: true });
    socket.addEventListener('error', fail, { once: true });
  });
  const waiting = new Map<number, (message: Message) => void>();
  const events = new Map<string, () => void>();
  const requests: string[] = [];
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    if (message.method === 'Network.requestWillBeSent') requests.push(message.params?.request?.url ?? '');
    events.get(message.method ?? '')?.();
  });
  let next = 0;
  const send = async (method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> => {
    const id = ++next;
    const answer = new Promise<Message>((done) => waiting.set(id, done));
    socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answer;
    if (result === undefined) throw new Error(`${method}: ${error?.message ?? 'no answer'}`);
    return result;
  };
  await send('Page.enable');
  await send('Network.enable');
  return {
    requests,
    async open(address) {
      const loaded = new Promise<void>((done) => events.set('Page.loadEventFired', done));
      await send('Page.navigate', { url: address });
      await loaded;
    },
    async evaluate(expression) {
      const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      return (result as { readonly value?: unknown }).value;
    },
    async colorScheme(value) {
      await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
    },
    async screenshot(width, height) {
      await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
  };
}
