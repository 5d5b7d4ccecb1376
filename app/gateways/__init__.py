"""What lies outside the portal: one module each, with our own verbs and errors."""
