console.log('The demo is not written yet.', process.argv.slice(2));
