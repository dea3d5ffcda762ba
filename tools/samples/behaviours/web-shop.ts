import type { Micros } from '../../../src/base/time.ts';
import { dayEnd, dayStart, millis, seconds } from '../base/clock.ts';
import { connectEvent } from '../host/audit-events.ts';
import { daemons, rootProcess } from '../host/process.ts';
import type { Scene } from '../model/scene.ts';
import { askFromHost } from '../traffic/docker-host.ts';
import { httpSession, type RequestPlan } from '../traffic/http.ts';
import { tlsSession } from '../traffic/tls.ts';
import { dockerHost, userAgents } from '../world/hosts.ts';
import { services } from '../world/sites.ts';
import { accessLine, shopHostName, shopLine, shopPages } from '../world/web-shop.ts';
import { shopCommand } from '../world/processes.ts';
import { visitorWeight } from './schedule.ts';

const mobileAgent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1';

/** Customers on web01 over plain HTTP, and what the shop itself asks of the payment service for each order. */
export function webShop(scene: Scene): void {
  for (let visit = 0; visit < 78; visit++) {
    const time = dayStart + Math.floor(scene.rng.fraction() * (dayEnd - dayStart - seconds(900)));
    if (scene.rng.chance(visitorWeight(time))) customer(scene, time);
  }
}

function customer(scene: Scene, time: Micros): void {
  const count = scene.rng.integer(2, 6);
  const requests: RequestPlan[] = [];
  for (let index = 0; index < count; index++) {
    const page = index === 0 ? shopPages[0] : scene.rng.pick(shopPages);
    requests.push({
      target: page.target,
      ...(index === 0 ? {} : { referrer: `http://${shopHostName}/` }),
      responseBytes: page.bytes,
      contentType: page.contentType,
      mime: page.mime,
      ...(index < 2 ? {} : { waitMicros: seconds(scene.rng.skewed(1, 50)) }),
    });
  }
  const exchanges = httpSession(scene, {
    time,
    client: customerAddress(scene),
    clientPort: scene.rng.integer(20_000, 64_000),
    server: dockerHost.ip,
    host: shopHostName,
    userAgent: scene.rng.pick([userAgents.gecko, userAgents.chromium, mobileAgent]),
    requests,
  });
  for (const exchange of exchanges) scene.evidence.container.push(accessLine(exchange));
  const last = exchanges.at(-1);
  if (last !== undefined && scene.rng.chance(0.22)) order(scene, last.answeredAt + seconds(2.5));
}

/** Java keeps an address for thirty seconds, so nearly each order looks it up again. */
function order(scene: Scene, time: Micros): void {
  const site = services.payment;
  const java = rootProcess(daemons.shopJava, daemons.shopShim, shopCommand.executable, `http-nio-8080-e`);
  const ready = askFromHost(scene, time, site, ['A'], java, shopCommand.args);
  const handshake = tlsSession(scene, {
    time: ready + millis(3),
    client: dockerHost.ip,
    name: site.name,
    address: site.address,
    tls: site.tls,
    hello: 'java8',
    upBytes: scene.rng.integer(1_650, 1_900),
    downBytes: scene.rng.integer(1_020, 1_100),
    durationMicros: seconds(scene.rng.around(1.1, 0.4)),
  });
  connectEvent(scene, handshake.flow, java, { args: shopCommand.args, waits: false, descriptor: 68 });
  const number = 48_000 + Math.floor((time - dayStart) / 3_000_000);
  const text = `n.e.f.shop.OrderService - order ${number} paid, confirmation queued`;
  scene.evidence.container.push(shopLine(time + seconds(1.6), 'INFO', 'http-nio-8080-exec-4', text));
}

function customerAddress(scene: Scene): string {
  const last = scene.rng.integer(140, 250);
  return scene.rng.chance(0.5) ? `192.0.2.${last}` : `198.51.100.${last}`;
}
