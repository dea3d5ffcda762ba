import type { Micros } from '../../../src/base/time.ts';
import { dayEnd, dayStart, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { httpSession, type RequestPlan } from '../traffic/http.ts';
import { tcp } from '../traffic/tcp.ts';
import { dockerHost, mailServer } from '../world/hosts.ts';
import { accessLine } from '../world/web-shop.ts';

const wanted = [
  '/.env',
  '/wp-login.php',
  '/.git/config',
  '/phpmyadmin/index.php',
  '/actuator/health',
  '/robots.txt',
  '/boaform/admin/formLogin',
  '/cgi-bin/luci/;stok=/locale',
  '/favicon.ico',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
];
const agents = [
  'Mozilla/5.0 zgrab/0.x',
  'python-requests/2.32.3',
  'Mozilla/5.0 (compatible; WideSurvey/1.2; +https://survey.netsjekk.example/)',
  'Go-http-client/1.1',
  'Mozilla/5.0',
];

/** Scanners that visit every public address all day. They ask for what is not there. */
export function internetNoise(scene: Scene): void {
  for (let visit = 0; visit < 42; visit++) {
    const time = dayStart + Math.floor(scene.rng.fraction() * (dayEnd - dayStart - seconds(120)));
    const address = `203.0.113.${scene.rng.integer(140, 176)}`;
    const port = scene.rng.integer(20_000, 64_000);
    if (scene.rng.chance(0.7)) scanShop(scene, time, address, port);
    else knockAtMail(scene, time, address, port);
  }
}

function scanShop(scene: Scene, time: Micros, client: string, clientPort: number): void {
  const count = scene.rng.integer(1, 4);
  const requests = Array.from({ length: count }, (): RequestPlan => {
    const target = scene.rng.pick(wanted);
    const isThere = target === '/favicon.ico' || target === '/robots.txt';
    return {
      target,
      status: isThere ? 200 : 404,
      responseBytes: isThere ? 1_150 : 682,
      contentType: 'text/html;charset=utf-8',
      mime: 'text/html',
    };
  });
  const exchanges = httpSession(scene, {
    time,
    client,
    clientPort,
    server: dockerHost.ip,
    host: '192.0.2.2',
    userAgent: scene.rng.pick(agents),
    requests,
  });
  for (const exchange of exchanges) scene.evidence.container.push(accessLine(exchange));
}

function knockAtMail(scene: Scene, time: Micros, client: string, clientPort: number): void {
  tcp(scene, {
    time,
    client,
    clientPort,
    server: mailServer.ip,
    serverPort: 25,
    upBytes: scene.rng.integer(0, 22),
    downBytes: 48,
    durationMicros: seconds(scene.rng.integer(1, 20)),
    services: ['smtp'],
    appProto: 'smtp',
    state: scene.rng.chance(0.5) ? 'RSTO' : 'SF',
  });
}
