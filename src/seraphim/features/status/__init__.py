"""Is it up, who is it, what can it do: ping, about, help, health, metrics."""
