"""What an administrator lays down and tries before: organisation, rules, words, precision."""
