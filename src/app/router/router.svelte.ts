/** Which page is shown: a table of patterns to lazy components; late loads never win. */
import type { Component } from 'svelte';
import { catalogsReady } from '../i18n/language.svelte.ts';
import { match, type Params, pathOf } from './match.ts';
import { NOT_FOUND, ROUTES, type Route } from './routes.ts';

class Router {
  route = $state.raw<Route>(NOT_FOUND);
  params = $state.raw<Params>({});
  page = $state.raw<Component<{ params: Params }> | null>(null);
  failed = $state.raw<unknown>(null);
  path = $state('/');
  loading = $state(false);
  #turn = 0;
  #work: Promise<void> = Promise.resolve();

  start(): void {
    const follow = () => {
      this.#work = this.#go();
    };
    addEventListener('hashchange', follow);
    follow();
  }

  retry(): void {
    void this.#go();
  }

  /** Goes there, and waits until the page is shown or has failed to load. */
  async arrive(path: string): Promise<void> {
    if (pathOf(location.hash) !== path) {
      const moved = new Promise((done) => addEventListener('hashchange', done, { once: true }));
      location.hash = path;
      await moved;
    }
    await this.#work;
  }

  async #go(): Promise<void> {
    const turn = ++this.#turn;
    const path = pathOf(location.hash);
    const [route, params] = find(path);
    this.loading = true;
    try {
      const { default: page } = await route.load();
      await catalogsReady();
      if (turn !== this.#turn) return;
      const moved = path !== this.path;
      this.page = page as Component<{ params: Params }>;
      Object.assign(this, { route, params, path, failed: null });
      if (moved) scrollTo(0, 0);
    } catch (error) {
      if (turn === this.#turn) Object.assign(this, { route, params, path, failed: error });
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}

function find(path: string): [Route, Params] {
  for (const route of ROUTES) {
    const params = match(route.path, path);
    if (params) return [route, params];
  }
  return [NOT_FOUND, {}];
}

export const router = new Router();

export const routeOf = (path: string): Route => find(path)[0];

export function go(path: string): void {
  location.hash = path;
}
