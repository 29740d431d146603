/** The page: first the Trusted Types policy, then the shell; everything else is loaded when asked for. */
import './app/shell/script-urls.ts';
import { mount } from 'svelte';
import './app/styles/tokens.css';
import './app/styles/base.css';
import App from './app/shell/App.svelte';
import { update } from './app/shell/update.svelte.ts';

const target = document.getElementById('app');
if (target) mount(App, { target });
if (import.meta.env.PROD) void update.register();
