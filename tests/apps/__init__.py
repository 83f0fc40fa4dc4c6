"""Small applications that `gate prove --app` is tried with."""
