import * as core from '@chathooks/core';
import * as fetch from '@chathooks/core/fetch';
import * as node from '@chathooks/core/node';
import * as express from '@chathooks/express';
import * as fastify from '@chathooks/fastify';
import * as koa from '@chathooks/koa';
import * as testing from '@chathooks/testing';

for (const [name, exported] of Object.entries({ core, fetch, node, express, fastify, koa, testing })) {
  console.log(`  ${name}: ${Object.keys(exported).join(', ')}`);
}
