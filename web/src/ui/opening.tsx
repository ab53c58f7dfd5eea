// Placeholder of what is being opened: until it is there, keys are meant for it and give no command.

export const Opening = () => <span data-opening hidden />
