import type { ContainerLine } from '../model/host.ts';
import type { HttpExchange } from '../model/network.ts';

export const shopHostName = 'www.fjord.example';

/** Pages of the shop with the size of their answer and what it is. */
export const shopPages = [
  { target: '/', bytes: 18_433, contentType: 'text/html;charset=UTF-8', mime: 'text/html' },
  { target: '/category/lamps', bytes: 26_117, contentType: 'text/html;charset=UTF-8', mime: 'text/html' },
  { target: '/category/blankets', bytes: 22_940, contentType: 'text/html;charset=UTF-8', mime: 'text/html' },
  { target: '/product/1042', bytes: 14_208, contentType: 'text/html;charset=UTF-8', mime: 'text/html' },
  { target: '/product/1177', bytes: 13_991, contentType: 'text/html;charset=UTF-8', mime: 'text/html' },
  { target: '/search?q=wool', bytes: 17_620, contentType: 'text/html;charset=UTF-8', mime: 'text/html' },
  { target: '/assets/shop.css', bytes: 31_870, contentType: 'text/css', mime: 'text/plain' },
  { target: '/assets/shop.js', bytes: 84_112, contentType: 'application/javascript', mime: 'text/plain' },
  { target: '/img/lamp-3.jpg', bytes: 61_204, contentType: 'image/jpeg', mime: 'image/jpeg' },
  { target: '/cart', bytes: 8_112, contentType: 'text/html;charset=UTF-8', mime: 'text/html' },
] as const;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The line that the shop's Tomcat writes for a request, in the combined format. */
export function accessLine(exchange: HttpExchange): ContainerLine {
  const date = new Date(Math.floor(exchange.answeredAt / 1000));
  const [year, month, day] = date.toISOString().slice(0, 10).split('-');
  const stamp = `${day}/${months[Number(month) - 1]}/${year}:${date.toISOString().slice(11, 19)} +0000`;
  const size = exchange.responseBytes === 0 ? '-' : String(exchange.responseBytes);
  return {
    time: exchange.answeredAt - 350,
    stream: 'stdout',
    text: [
      `${exchange.flow.client.ip} - - [${stamp}] "${exchange.method} ${exchange.target} HTTP/1.1"`,
      `${exchange.status} ${size} "${exchange.referrer ?? '-'}" "${exchange.userAgent}"`,
    ].join(' '),
    step: exchange.flow.step,
  };
}

/** A line of the shop's own log (Log4j 2). */
export function shopLine(time: number, level: 'INFO' | 'WARN', thread: string, text: string): ContainerLine {
  const stamp = new Date(Math.floor(time / 1000)).toISOString().replace('T', ' ').replace('.', ',').slice(0, 23);
  return { time, stream: 'stdout', text: `${stamp} ${level.padEnd(5)} [${thread}] ${text}`, step: undefined };
}
