import { ContainerTable } from './containers.ts';
import { DescriptorBudget } from './descriptor-table.ts';
import { Interfaces } from './interfaces.ts';
import { AddressNames } from './names.ts';
import { ThreadTable } from './threads.ts';
import { AccountTable } from './accounts.ts';

/** What is known of the machine at the moment of the event at hand. */
export class SystemState {
  readonly budget = new DescriptorBudget();
  readonly threads = new ThreadTable(this.budget);
  readonly accounts = new AccountTable();
  readonly containers = new ContainerTable();
  readonly interfaces = new Interfaces();
  readonly names = new AddressNames();
  hostName = '';
  /** Thread that ends with the event at hand, and descriptor that closes with it; undefined for none. */
  leavingThread: number | undefined;
  closingFd: { readonly tid: number; readonly fd: number } | undefined;
}
