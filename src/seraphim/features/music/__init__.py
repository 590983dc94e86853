"""Music that never stops: queue, sources, voice, controller."""
