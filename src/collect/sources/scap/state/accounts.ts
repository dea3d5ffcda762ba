export interface Account {
  readonly id: number;
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

/** Names that are kept; a machine with a directory service may list very many. */
const maxAccounts = 200_000;

/** Users and groups by container (empty for the host) and id. */
export class AccountTable {
  readonly #users = new Map<string, Map<number, Account>>();
  readonly #groups = new Map<string, Map<number, string>>();
  #size = 0;

  setUser(container: string, account: Account): void {
    this.#set(this.#users, container, account.id, account);
  }

  setGroup(container: string, id: number, name: string): void {
    this.#set(this.#groups, container, id, name);
  }

  deleteUser(container: string, id: number): void {
    if (this.#users.get(container)?.delete(id) === true) this.#size--;
  }

  deleteGroup(container: string, id: number): void {
    if (this.#groups.get(container)?.delete(id) === true) this.#size--;
  }

  /** Of a container whose accounts were never told, the host's: most have at least `root` in common. */
  user(container: string, id: number): Account | undefined {
    return (this.#users.get(container) ?? this.#users.get(''))?.get(id);
  }

  group(container: string, id: number): string | undefined {
    return (this.#groups.get(container) ?? this.#groups.get(''))?.get(id);
  }

  #set<V>(tables: Map<string, Map<number, V>>, container: string, id: number, value: V): void {
    let table = tables.get(container);
    if (table === undefined) {
      table = new Map();
      tables.set(container, table);
    }
    if (table.has(id)) table.set(id, value);
    else if (this.#size < maxAccounts) {
      table.set(id, value);
      this.#size++;
    }
  }
}
